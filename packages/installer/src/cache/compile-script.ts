/** The Python program that compiles the modules of wheels, many in one run. */

export const compiledMark = '--cheese--'

/**
 * Reads jobs from its input and tells which files it made of each. What cannot be compiled is left out: packages ship
 * templates and code for other versions.
 */
export const compileScript = `
import gc, json, os, py_compile, sys
gc.set_threshold(100000)
how = {'doraise': True}
if hasattr(py_compile, 'PycInvalidationMode'):
    how['invalidation_mode'] = py_compile.PycInvalidationMode.TIMESTAMP
made = []
for job in json.load(sys.stdin):
    names = []
    for name in job['files']:
        folder, module = os.path.split(name)
        compiled = os.path.join(folder, '__pycache__', module[:-3] + '.' + sys.implementation.cache_tag + '.pyc')
        try:
            py_compile.compile(os.path.join(job['tree'], name), os.path.join(job['out'], compiled), name, **how)
        except Exception:
            continue
        names.append(compiled.replace(os.sep, '/'))
    made.append(names)
print('${compiledMark}' + json.dumps(made))
`
