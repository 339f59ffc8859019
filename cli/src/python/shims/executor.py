            # Without threads it is done now, and everything else waits.
            if executor is None and not sys._emscripten_info.pthreads:
                done = self.create_future()
                try:
                    done.set_result(func(*args))
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException as error:
                    done.set_exception(error)
                return done
