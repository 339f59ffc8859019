// Runs a Python program in node, by Pyodide's own loader: node run.mjs FOLDER_OF_PYODIDE SHIM PROGRAM [ARGUMENT...]
import { dirname, resolve } from "node:path";

const [pyodide, shim, program, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(resolve(pyodide, "pyodide.mjs"));
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
const mount = (folder) => {
  python.FS.mkdirTree(folder);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, folder);
};
mount(shim);
mount(dirname(program));
python.globals.set("argv", python.toPy([program, ...args]));
python.globals.set("shim", shim);
try {
  python.runPython(`
import os, runpy, sys
sys.argv = list(argv)
folder = os.path.dirname(sys.argv[0])
sys.path[:0] = [shim, folder]
os.chdir(folder)
runpy.run_path(sys.argv[0], run_name="__main__")
`);
} catch (error) {
  // Else node prints the line of its source first, which is all of Pyodide.
  console.error(error.message.trim());
  process.exit(1);
}
