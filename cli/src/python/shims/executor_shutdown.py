        # Without threads nothing is under way.
        if not sys._emscripten_info.pthreads:
            self._default_executor.shutdown()
            return
