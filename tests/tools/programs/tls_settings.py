"""Settings that clients make before they know whether TLS is needed."""

import ssl

context = ssl.create_default_context()
print(context.check_hostname, context.verify_mode == ssl.CERT_REQUIRED)
context.hostname_checks_common_name = False
print(ssl.HAS_NEVER_CHECK_COMMON_NAME, context.hostname_checks_common_name)
