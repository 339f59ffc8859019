
    # Calls with addresses. Those of families that `_socket` does not know are made by _adder_sockets.
    def _by_family(name, family=_socket.socket.family.__get__):
        known = getattr(_socket.socket, name)

        def call(self, *arguments, **named):
            if family(self) not in _FAMILIES:
                return known(self, *arguments, **named)
            import _adder_sockets

            return getattr(_adder_sockets, name)(self, *arguments, **named)

        call.__name__, call.__qualname__, call.__doc__ = name, f"socket.{name}", known.__doc__
        return call

    if _FAMILIES:
        bind, connect, connect_ex = map(_by_family, ("bind", "connect", "connect_ex"))
        getsockname, getpeername, _accept = map(_by_family, ("getsockname", "getpeername", "_accept"))
        recvfrom, recvfrom_into, sendto = map(_by_family, ("recvfrom", "recvfrom_into", "sendto"))
        recvmsg, recvmsg_into, sendmsg = map(_by_family, ("recvmsg", "recvmsg_into", "sendmsg"))
    del _by_family
