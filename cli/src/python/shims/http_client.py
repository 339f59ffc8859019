

class _WithoutBrowser:
    """Has urllib3 use sockets, as everywhere else.

    Where `sys.platform` is `emscripten` it takes connections that a browser makes, and there is none. Packages that have a urllib3
    of their own (pip) do the same.
    """

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.endswith("urllib3.contrib.emscripten"):
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, cls)

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.inject_into_urllib3 = lambda: None


sys.meta_path.insert(0, _WithoutBrowser)
