# urllib3 has connections of its own for browsers, and takes them where `sys.platform` is "emscripten". Here it is to take sockets.
if "urllib3.contrib.emscripten" not in sys.modules:
    _stub = type(sys)("urllib3.contrib.emscripten", "There is no browser: connections are sockets.")
    _stub.inject_into_urllib3 = lambda: None
    sys.modules[_stub.__name__] = _stub
    del _stub
