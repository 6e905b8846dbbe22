/**
 * The path of an object in its container's archive: its name, but for the parts between slashes that no folder can have. An empty
 * one is `%`, `.` and `..` are `%2E` and `%2E%2E`, and a `%` is `%25`: whoever unpacks it stays in the folder, and the name can be told.
 */
export const archivePath = (name: string): string => name.split('/').map(escaped).join('/');

const escaped = (part: string): string => {
  if (part === '') return '%';
  return part === '.' || part === '..' ? part.replaceAll('.', '%2E') : part.replaceAll('%', '%25');
};

/** The name of the object that has a path; `undefined` if `archivePath` never made it. */
export function objectName(path: string): string | undefined {
  const name = path
    .split('/')
    .map((part) => (part === '%' ? '' : part.replaceAll('%2E', '.').replaceAll('%25', '%')))
    .join('/');
  return archivePath(name) === path ? name : undefined;
}
