import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as blockStorage from '../src/services/block-storage/entities.ts';
import * as compute from '../src/services/compute/entities.ts';
import * as identity from '../src/services/identity/entities.ts';
import * as image from '../src/services/image/entities.ts';
import * as instanceHa from '../src/services/instance-ha/entities.ts';
import * as loadBalancer from '../src/services/load-balancer/entities.ts';
import * as network from '../src/services/network/entities.ts';
import * as objectStore from '../src/services/object-store/entities.ts';
import * as placement from '../src/services/placement/entities.ts';
import { records } from '../src/services/records.ts';
import { Inferred } from './inferred.ts';
import { ServiceDeclarations } from './service.ts';

const ENTITIES = {
  identity,
  compute,
  network,
  blockStorage,
  image,
  placement,
  instanceHa,
  loadBalancer,
  objectStore,
};

/** Which of its versions a client is pinned to. */
const AT = `import type { AtLeast } from 'FROM/record/microversion.ts';

/** What there is at \`V\`: the first of \`Eras\`, newest first, that \`V\` has reached, or the oldest; \`Any\` where \`V\` is not known. */
export type At<V extends string, Eras extends readonly (readonly [string, unknown])[], Any> = string extends V ? Any : Newest<V, Eras>;

/** Fields that are known, and what all others are, even where the known ones are something else. */
export type Both<Fields, Others> = { [K in keyof (Fields & Others)]: (Fields & Others)[K] } & {};

type Newest<V extends string, Eras> = Eras extends readonly [readonly [infer From extends string, infer Era], ...infer Older]
  ? Older extends readonly []
    ? Era
    : AtLeast<V, From> extends true
      ? Era
      : Newest<V, Older>
  : never;
`;

/** Where modules are, as they are written in an import. */
interface Places {
  /** The modules that are made, seen from `services.d.ts`. */
  readonly made: string;
  /** Core's modules, seen from `services.d.ts`. */
  readonly core: string;
  /** Core's modules, seen from the modules that are made. */
  readonly back: string;
}

/**
 * The modules that take the place of inference, and the text of `services.d.ts` that refers to them.
 *
 */
export function declarationsOf(
  root: string,
  places: Places,
): { readonly modules: ReadonlyMap<string, string>; readonly services: string } {
  const inferred = new Inferred(root);
  const all = Object.entries(records).map(
    ([name, service]) =>
      new ServiceDeclarations(service, name, inferred, ENTITIES[name as keyof typeof ENTITIES]),
  );
  const files = new Map(all.map(({ name }) => [name, fileOf(name)]));
  inferred.infer(
    `import type { InputAt, OutputAt } from './record/shape.ts';\nimport type { StateOf } from './call/client.ts';\n` +
      [...files]
        .map(([name, file]) => `import type { ${name} } from './services/${file}/${file}.ts';\n`)
        .join(''),
  );
  const { made, core, back } = places;
  const modules = new Map(all.map((service) => [fileOf(service.name), service.print(back)]));
  modules.set('at', AT.replace('FROM', back));
  let text = readFileSync(path.join(root, 'src', 'services', 'services.ts'), 'utf8');
  for (const [name, file] of files) {
    const client = `${name.charAt(0).toUpperCase()}${name.slice(1)}Client`;
    text = text
      .replace(`ServiceClient<typeof ${name}>`, client)
      .replace(
        `import type { ${name} } from './${file}/${file}.ts'`,
        `import type { ${client} } from '${made}/${file}.ts'`,
      );
  }
  text = text.replace(`import type { ServiceClient } from '../call/client.ts';\n`, '');
  return { modules, services: text.replaceAll(" from './", ` from '${core}/services/`) };
}

const fileOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
