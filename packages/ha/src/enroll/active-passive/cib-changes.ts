import { canonical, type CibElement, renderCib } from './cib-element.ts';
import type { ResourceElements } from './resource-elements.ts';

/** A command that changes the configuration, of a running cluster or of a file (`CIB_file`). */
export type CibCommand = readonly [string, ...string[]];

const cibadmin = (
  verb: 'modify' | 'replace' | 'delete',
  scope: 'configuration' | 'resources' | 'constraints',
  element: CibElement,
  options: readonly string[] = [],
): CibCommand => ['cibadmin', `--${verb}`, ...options, '--scope', scope, '--xml-text', renderCib(element)];

/** Stops it, wherever it is. It is an error, exit code 105, if it is not there. */
export const stopCommand = (id: string): CibCommand =>
  cibadmin('modify', 'resources', {
    name: 'primitive',
    attributes: { id },
    children: [
      {
        name: 'meta_attributes',
        attributes: { id: `${id}-meta` },
        children: [
          {
            name: 'nvpair',
            attributes: { id: `${id}-meta-target-role`, name: 'target-role', value: 'Stopped' },
            children: [],
          },
        ],
      },
    ],
  });

/** Takes it out; each may be run again. Before, it is stopped: without its constraints it would start anywhere. */
export const removeCommands = ({ primitive, constraints }: ResourceElements): readonly CibCommand[] => [
  ...constraints.map((constraint) => cibadmin('delete', 'constraints', idOnly(constraint))),
  cibadmin('delete', 'resources', idOnly(primitive)),
];

/**
 * The commands that make one of the other; each may be run again. What is new comes all at once: a resource without its
 * constraints would start anywhere.
 */
export function changeCommands(
  from: ResourceElements | undefined,
  to: ResourceElements,
): readonly CibCommand[] {
  if (from === undefined) {
    const both = [part('resources', [to.primitive]), part('constraints', to.constraints)];
    return [cibadmin('modify', 'configuration', part('configuration', both), ['--allow-create'])];
  }
  const before = new Map(from.constraints.map((constraint) => [constraint.attributes['id'], constraint]));
  const after = new Set(to.constraints.map(({ attributes }) => attributes['id']));
  return [
    ...to.constraints.flatMap((constraint): CibCommand[] => {
      const there = before.get(constraint.attributes['id']);
      if (there === undefined) return [cibadmin('modify', 'constraints', constraint, ['--allow-create'])];
      return canonical(there) === canonical(constraint)
        ? []
        : [cibadmin('replace', 'constraints', constraint)];
    }),
    ...from.constraints
      .filter(({ attributes }) => !after.has(attributes['id']))
      .map((constraint) => cibadmin('delete', 'constraints', idOnly(constraint))),
    cibadmin('replace', 'resources', to.primitive),
  ];
}

const idOnly = ({ name, attributes }: CibElement): CibElement => ({
  name,
  attributes: { id: attributes['id'] ?? '' },
  children: [],
});

const part = (name: string, children: readonly CibElement[]): CibElement => ({
  name,
  attributes: {},
  children,
});
