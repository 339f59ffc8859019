# Work of a pool without threads is in the main thread, and must not take the signals away from the loop that waits for it.
def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    """Set the descriptor that a byte is written to when a signal arrives; -1 takes it back. Return the old one."""
    import sys
    threading = sys.modules.get("threading")
    if threading and threading.current_thread() is not threading.main_thread():
        raise ValueError("set_wakeup_fd only works in main thread of the main interpreter")
    return _signal.set_wakeup_fd(fd, warn_on_full_buffer=warn_on_full_buffer)

