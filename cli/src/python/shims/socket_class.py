        if self.__class__ is socket and _socket.socket.family.__get__(self) in _FAMILIES:
            import _adder_sockets
            self.__class__ = _adder_sockets.Socket
