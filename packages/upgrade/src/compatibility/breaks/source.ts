/** A release note of a project, at the first tag of the series that has it. */
export const note = (project: string, ref: string, name: string): string =>
  `openstack/${project} ${ref}: releasenotes/notes/${name}.yaml`;

/** A file of a project's code, at the first tag that has the change. */
export const code = (project: string, ref: string, path: string): string =>
  `openstack/${project} ${ref}: ${path}`;
