# Families that this module was compiled without: _adder_sockets has their sockets, and the C library beneath their addresses.
# The set is there when this module is imported once more.
_FAMILIES = _socket.__dict__.setdefault("_adder_families", set())
if not hasattr(_socket, "AF_UNIX"):
    _socket.AF_UNIX = 1
    _FAMILIES.add(_socket.AF_UNIX)

    def _socketpair(family=_socket.AF_UNIX, type=_socket.SOCK_STREAM, proto=0, /):
        import _adder_sockets

        return _adder_sockets.socketpair(family, type, proto)

    _socketpair.__name__ = _socketpair.__qualname__ = "socketpair"
    _socket.socketpair = _socketpair
if not _socket.has_ipv6:
    _socket.has_ipv6 = True
    _FAMILIES.add(_socket.AF_INET6)

    def _with_ipv6(name):
        """Returns a function that knows addresses of IPv6, too."""
        function = getattr(_socket, name)

        def replacement(address_family, address, /):
            if address_family != _socket.AF_INET6:
                return function(address_family, address)
            import _adder_sockets

            return getattr(_adder_sockets, name)(address)

        replacement.__name__ = replacement.__qualname__ = name
        return replacement

    _socket.inet_pton, _socket.inet_ntop = map(_with_ipv6, ("inet_pton", "inet_ntop"))
