        # Without threads, the work is done here and now. The future that is returned is done.
        if not sys._emscripten_info.pthreads:
            with self._shutdown_lock, _global_shutdown_lock:
                if self._broken:
                    raise self.BROKEN(self._broken)
                if self._shutdown or _shutdown:
                    raise RuntimeError('cannot schedule new futures after shutdown')
            future = _base.Future()
            work = _WorkItem(future, self._resolve_work_item_task(fn, args, kwargs))
            # Workers that are not at work. Work that submits work has it done by another one.
            idle = self.__dict__.setdefault("_idle_without_threads", [])
            if not idle:
                from _adder_worker import Worker
                worker = Worker(f"{self._thread_name_prefix}_{len(self._threads)}")
                context = self._create_worker_context()
                try:
                    worker.run(context.initialize)
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException:
                    _base.LOGGER.critical('Exception in initializer:', exc_info=True)
                    self._initializer_failed()
                    future.set_exception(self.BROKEN(self._broken))
                    return future
                self._threads.add(worker)
                idle.append((worker, context))
            worker, context = idle.pop()
            try:
                worker.run(work.run, context)
            finally:
                idle.append((worker, context))
            # What ends the program or interrupts it is not the work's alone.
            if isinstance(future._exception, (SystemExit, KeyboardInterrupt)):
                raise future._exception
            return future
