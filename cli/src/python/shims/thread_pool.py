        # Without threads, the work is done here and now. The future that is returned is done.
        if not sys._emscripten_info.pthreads:
            with self._shutdown_lock, _global_shutdown_lock:
                if self._broken:
                    raise self.BROKEN(self._broken)
                if self._shutdown or _shutdown:
                    raise RuntimeError('cannot schedule new futures after shutdown')
            future = _base.Future()
            work = _WorkItem(future, self._resolve_work_item_task(fn, args, kwargs))
            context = getattr(self, "_context_without_threads", None)
            if context is None:
                context = self._create_worker_context()
                try:
                    context.initialize()
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException:
                    _base.LOGGER.critical('Exception in initializer:', exc_info=True)
                    self._initializer_failed()
                    future.set_exception(self.BROKEN(self._broken))
                    return future
                self._context_without_threads = context
            work.run(context)
            # What ends the program or interrupts it is not the work's alone.
            if isinstance(future._exception, (SystemExit, KeyboardInterrupt)):
                raise future._exception
            return future
