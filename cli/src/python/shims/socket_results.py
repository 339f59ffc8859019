        if has_bytes and res[0] == AF_INET6:
            import _adder_sockets
            name, address = res[3].split(" ")
            res = *res[:3], name, _adder_sockets.from_c(bytes.fromhex(address))
