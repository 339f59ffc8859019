        # Without threads, one request comes after the other.
        if not sys._emscripten_info.pthreads:
            return self.process_request_thread(request, client_address)
