/**
 * Our own TypeScript imports end in `.js`, as ES modules want it; where no such file is, the `.ts` one is meant. A
 * name mapper would do the same to every package.
 */
module.exports = (request, options) => {
  const own = /^\.{1,2}\/.*\.js$/.test(request) && !options.basedir.includes('node_modules');
  if (own) {
    try {
      return options.defaultResolver(request.replace(/\.js$/, '.ts'), options);
    } catch {
      // A script that is JavaScript.
    }
  }
  return options.defaultResolver(request, options);
};
