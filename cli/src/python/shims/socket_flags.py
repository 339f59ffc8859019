    # A flag of Adder's: behind the name, and a space, are the bytes of an address of IPv6 in hexadecimal digits.
    has_bytes = AF_INET6 in _FAMILIES
    if has_bytes:
        flags |= 0x40000000
