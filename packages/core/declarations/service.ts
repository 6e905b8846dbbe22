import type ts from '@typescript/typescript6';
import { compareMicroversions } from '../src/record/microversion.ts';
import type { OperationSpec, ResourceSpec, ServiceSpec } from '../src/record/operation.ts';
import { breakpoints, type Schema } from '../src/record/shape.ts';
import type { Inferred } from './inferred.ts';
import { commentOf, Printer } from './printer.ts';

/** What a client asks for: nothing in particular, a microversion, or one that only the running program knows. */
type Asked = 'unpinned' | 'any' | { readonly version: string };

/** What is wanted of an operation as one of its clients sees it. */
interface Method {
  readonly operation: string;
  readonly spec: OperationSpec;
  readonly input: Wanted;
  /** Whether every argument may be left out. */
  readonly inputMayMiss: string;
  readonly output: Wanted | undefined;
}

/** A type that is inferred, and the name that its declaration shall have. */
interface Wanted {
  readonly alias: string;
  readonly name: string;
  /** The part of the name that is the same at every microversion. */
  readonly base: string;
}

/** A member of a client. */
interface Member {
  readonly name: string;
  readonly comment: string;
  /** All but the comment: it may have several signatures. */
  readonly text: string;
}

interface Client {
  readonly asked: Asked;
  readonly methods: readonly Method[];
  /** The states that `waitFor` takes. */
  readonly states: string | undefined;
}

/** The declarations of one service. Made in two steps, since the compiler is asked once for all services. */
export class ServiceDeclarations {
  readonly name: string;
  readonly #service: ServiceSpec;
  readonly #inferred: Inferred;
  readonly #floor: string;
  readonly #names: Map<Schema, string>;
  readonly #clients = new Map<ResourceSpec, readonly Client[]>();
  readonly #declared = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** Where a type has been written already, by what it belongs to and its text. */
  readonly #written = new Map<string, string>();
  #text = '';
  #made: Printer | undefined;

  /** @param entities - the schemas that the service's entry exports: they give their names to the declarations */
  constructor(
    service: ServiceSpec,
    name: string,
    inferred: Inferred,
    entities: Readonly<Record<string, unknown>>,
  ) {
    this.#service = service;
    this.name = name;
    this.#inferred = inferred;
    this.#floor = service.microversion?.floor ?? '0.0';
    this.#names = new Map(Object.entries(entities).map(([key, schema]) => [schema as Schema, key]));
    for (const [key, resource] of Object.entries(service.resources)) {
      const clients = this.#askedOf(resource).map((asked) => this.#client(key, resource, asked));
      this.#clients.set(resource, clients);
    }
    inferred.want(`typeof ${name}`);
  }

  /** The text of the module, once the types have been inferred. */
  print(from: string): string {
    const service = this.#inferred.type(this.#inferred.want(`typeof ${this.name}`));
    const { checker } = this.#inferred;
    const resources = typeOf(checker, service, 'resources');
    const unpinned: string[] = [];
    const pinned: string[] = [];
    for (const [key, resource] of Object.entries(this.#service.resources)) {
      const symbol = checker.getPropertyOfType(resources, key);
      const target =
        symbol === undefined || (symbol.flags & ALIAS) === 0 ? symbol : checker.getAliasedSymbol(symbol);
      const comment = target === undefined ? '' : commentOf(target, '  ');
      const [first, at] = this.#resource(key, resource, typeOf(checker, resources, key), comment);
      unpinned.push(`${comment}  readonly ${key}: ${first};\n`);
      pinned.push(`${comment}  readonly ${key}: ${at};\n`);
    }
    const client = `${capital(this.name)}Client`;
    const at = (indent: string): string =>
      `${indent}/**\n${indent} * The same service, pinned to a microversion: arguments and answers have the shape of that version.\n` +
      `${indent} * @example \`cloud.compute.at('2.96').servers.list()\`\n${indent} */\n` +
      `${indent}at<const W extends string>(microversion: W): ${client}At<W>;\n`;
    this.#text += `export interface ${client} {\n${unpinned.join('')}${at('  ')}}\n\n`;
    this.#text += `export interface ${client}At<V extends string> {\n${pinned.join('')}${at('  ')}}\n`;
    const imports = [...this.#printer.imports].map(
      ([type, module]) =>
        `import type { ${type} } from '${/^[.@]/.test(module) ? module : `${from}/${module}`}';\n`,
    );
    const options = ['CallOptions', 'DeleteOptions', 'FindOptions', 'WaitOptions'].filter((option) =>
      this.#text.includes(option),
    );
    return (
      `// Made from the records by packages/core/declarations. Do not edit.\n` +
      `import type { ${options.join(', ')} } from '${from}/options/call-options.ts';\n` +
      (this.#text.includes(': At<') ? `import type { At } from './at.ts';\n` : '') +
      `${imports.join('')}\n${this.#text}`
    );
  }

  /** The interfaces of a resource: of a client that is not pinned, and of one that is. */
  #resource(key: string, resource: ResourceSpec, type: ts.Type, comment: string): [string, string] {
    const operations = typeOf(this.#inferred.checker, type, 'operations');
    const clients = this.#clients.get(resource) ?? [];
    const all = clients.map((client) => this.#members(resource, client, operations));
    const [unpinned = []] = all;
    const shared = unpinned.filter((member) => all.every((members) => isIn(members, member)));
    const base = `${capital(key)}Client`;
    const heading = comment.replaceAll(/^ {2}/gm, '');
    if (all.every(({ length }) => length === shared.length)) {
      return [this.#interface(base, shared, heading), base];
    }
    const parent = shared.length === 0 ? '' : ` extends ${this.#interface(`${base}AtAll`, shared, heading)}`;
    const names = clients.map(({ asked }, index) => {
      const own = (all[index] ?? []).filter((member) => !isIn(shared, member));
      return this.#interface(`${base}${suffixOf(asked)}`, own, heading, parent, base);
    });
    const [first = base, any = base, ...rest] = names;
    const eras = rest.map((name, index) => `['${versionOf(clients[index + 2]?.asked)}', ${name}]`);
    return [first, `At<V, [${eras.join(', ')}], ${any}>`];
  }

  #interface(
    wanted: string,
    members: readonly Member[],
    heading: string,
    parent = '',
    base = wanted,
  ): string {
    const body = members.map(({ text }) => text).join('');
    return this.#declare(wanted, `${base}${body}`, (name) => {
      const lines = members.map((member) => {
        const modifier = member.text.startsWith('  readonly ') ? 'readonly ' : '';
        const written = this.#shorter(`${base}.${member.name}`, member.text, name, member.name);
        return `${member.comment}${written === member.text ? written : `  ${modifier}${member.name}: ${written};\n`}`;
      });
      return `${heading}export interface ${name}${parent} {\n${lines.join('')}}\n\n`;
    });
  }

  /** A type's text, or where it was written already: a second one would be another type to the compiler. */
  #shorter(scope: string, text: string, owner: string, field: string): string {
    const key = `${scope}: ${text}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    this.#written.set(key, `${owner}['${field}']`);
    return text;
  }

  /** Declares something under this name, or finds what was declared for the same under another. */
  #declare(wanted: string, body: string, text: (name: string) => string): string {
    const known = this.#declared.get(body);
    if (known !== undefined) return known;
    let name = wanted;
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    this.#declared.set(body, name);
    this.#text += text(name);
    return name;
  }

  #members(resource: ResourceSpec, client: Client, operations: ts.Type): readonly Member[] {
    const members = client.methods.map((method) => {
      const symbol = this.#inferred.checker.getPropertyOfType(operations, method.operation);
      const { page, verb } = method.spec;
      const entity = method.output === undefined ? 'void' : this.#entity(method.output);
      const input = `input${this.#mayMiss(method) ? '?' : ''}: ${this.#entity(method.input)}`;
      const options = page === undefined && verb === 'DELETE' ? 'DeleteOptions' : 'CallOptions';
      const answer = page === undefined ? `Promise<${entity}>` : `AsyncIterable<${entity}>`;
      const comment = symbol === undefined ? '' : commentOf(symbol, '  ');
      const name = method.operation;
      return { name, comment, text: `  readonly ${name}: (${input}, options?: ${options}) => ${answer};\n` };
    });
    return [...members, ...this.#finder(resource, client), ...this.#waiter(resource, client)];
  }

  #finder(resource: ResourceSpec, { methods }: Client): readonly Member[] {
    const list = methods.find(({ operation }) => operation === 'list');
    if (resource.findBy === undefined || list?.output === undefined) return [];
    const entity = this.#entity(list.output);
    return [
      {
        name: 'find',
        comment:
          '  /**\n   * The one with this id or name. Two with the same name are an `AmbiguousError`, none a `NotFoundError`\n' +
          '   * unless `missingOk`.\n   */\n',
        text:
          '  find(idOrName: string, options: FindOptions & { readonly missingOk: true }): ' +
          `Promise<${entity} | undefined>;\n  find(idOrName: string, options?: FindOptions): Promise<${entity}>;\n`,
      },
    ];
  }

  #waiter(resource: ResourceSpec, { methods, states }: Client): readonly Member[] {
    const get = methods.find(({ operation }) => operation === 'get');
    if (states === undefined || get?.output === undefined) return [];
    const what = `${this.#entity(get.input)} | string`;
    const printed = this.#printer.print(this.#inferred.type(states), '');
    const wanted = `${capital(resource.name)}State`;
    const state = this.#declare(
      wanted,
      `${wanted}${printed}`,
      (name) => `export type ${name} = ${printed};\n\n`,
    );
    return [
      {
        name: 'waitFor',
        comment:
          '  /**\n   * Waits until it is in one of these states, and returns it. A failure state, or the end of `patience`,\n' +
          '   * is a `WaitError` that has the states that were seen. Case does not count. A state that the record does not\n' +
          '   * know is no argument, since a misspelt one would be waited for until the time is over.\n   */\n',
        text:
          `  waitFor(what: ${what}, state: ${state} | readonly ${state}[], options?: WaitOptions): ` +
          `Promise<${this.#entity(get.output)}>;\n`,
      },
      {
        name: 'waitGone',
        comment: '  /** Waits until it is gone (404). */\n',
        text: `  waitGone(what: ${what}, options?: WaitOptions): Promise<void>;\n`,
      },
    ];
  }

  get #printer(): Printer {
    return (this.#made ??= new Printer(this.#inferred.checker, this.#inferred.src));
  }

  #mayMiss({ inputMayMiss }: Method): boolean {
    const type = this.#inferred.type(inputMayMiss) as ts.Type & { readonly intrinsicName?: string };
    return type.intrinsicName === 'true';
  }

  /** The name of what an operation takes or answers, or its text where it has no fields. */
  #entity({ alias, name, base }: Wanted): string {
    const type = this.#inferred.type(alias);
    const printer = this.#printer;
    if (!printer.hasFields(type)) return printer.print(type, '  ');
    const whole = printer.fields(type, '');
    const isId = whole === '{\n  readonly id: string;\n}';
    return this.#declare(isId ? 'ById' : name, isId ? 'ById' : `${base}${whole}`, (own) => {
      const fields = printer.fields(type, '', (field, text) =>
        text.includes('{') ? this.#shorter(`${base}.${field}`, text, own, field) : text,
      );
      // No interface: it would not fit where an object of any fields is wanted, as what is inferred does.
      return `export type ${own} = ${fields};\n\n`;
    });
  }

  /** The clients between which something differs: unpinned, any, and pinned ones from the newest to the oldest. */
  #askedOf(resource: ResourceSpec): readonly Asked[] {
    const versions = versionsOf(resource, this.#floor).toReversed();
    return ['unpinned', 'any', ...versions.map((version) => ({ version }))];
  }

  #client(key: string, resource: ResourceSpec, asked: Asked): Client {
    const specs = Object.entries(resource.operations).filter(([, spec]) => isThere(spec, asked));
    const methods = specs.map(([operation, spec]) => this.#method(key, operation, spec, asked));
    const version =
      asked === 'unpinned' ? `'floor:${this.#floor}'` : asked === 'any' ? 'string' : `'${asked.version}'`;
    const states =
      resource.settles === undefined
        ? undefined
        : this.#inferred.want(`StateOf<(typeof ${this.name})['resources']['${key}'], ${version}>`);
    return { asked, methods, states };
  }

  #method(key: string, operation: string, spec: OperationSpec, asked: Asked): Method {
    const record = `(typeof ${this.name})['resources']['${key}']['operations']['${operation}']`;
    const version =
      asked === 'unpinned' ? (spec.since ?? this.#floor) : asked === 'any' ? undefined : asked.version;
    const own = `${capital(key)}${capital(operation)}`;
    const input = this.#wanted(spec.input, `${own}Input`, 'InputAt', `${record}['input']`, version);
    return {
      operation,
      spec,
      input,
      inputMayMiss: this.#inferred.want(`Partial<${input.alias}> extends ${input.alias} ? true : false`),
      output:
        spec.output === undefined
          ? undefined
          : this.#wanted(spec.output, `${own}Answer`, 'OutputAt', `${record}['output']`, version),
    };
  }

  #wanted(
    schema: Schema,
    otherwise: string,
    side: 'InputAt' | 'OutputAt',
    expression: string,
    version: string | undefined,
  ): Wanted {
    const steps = breakpoints(schema);
    const reached = steps.findLast(
      (step) => version !== undefined && compareMicroversions(step, version) <= 0,
    );
    const late = reached !== undefined && compareMicroversions(reached, this.#floor) > 0;
    const era =
      steps.length === 0 ? this.#floor : late ? reached : version === undefined ? undefined : this.#floor;
    const known = this.#names.get(schema) ?? otherwise;
    this.#names.set(schema, known);
    const suffix = era === undefined ? 'AtAny' : era === this.#floor ? '' : `At${era.replace('.', '_')}`;
    return {
      alias: this.#inferred.want(`${side}<${expression}, ${era === undefined ? 'string' : `'${era}'`}>`),
      name: `${known}${suffix}`,
      base: known,
    };
  }
}

/** The microversions at which something of a resource changes, oldest first: the service's floor, and all above it. */
export function versionsOf(resource: ResourceSpec, floor: string): readonly string[] {
  const found = new Set<string>([floor]);
  for (const { since, until, input, output } of Object.values(resource.operations)) {
    const all = [since, until, ...breakpoints(input), ...(output === undefined ? [] : breakpoints(output))];
    for (const version of all)
      if (version !== undefined && compareMicroversions(version, floor) > 0) found.add(version);
  }
  return [...found].toSorted(compareMicroversions);
}

/** `ts.SymbolFlags.Alias`. */
const ALIAS = 2_097_152;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const versionOf = (asked: Asked | undefined): string => (typeof asked === 'object' ? asked.version : '');

const suffixOf = (asked: Asked): string =>
  asked === 'unpinned' ? '' : asked === 'any' ? 'AtAny' : `At${asked.version.replace('.', '_')}`;

/** As `Exists` of `client.ts` has it. */
function isThere({ since, until }: OperationSpec, asked: Asked): boolean {
  if (typeof asked === 'string') return true;
  if (since !== undefined && compareMicroversions(asked.version, since) < 0) return false;
  return until === undefined || compareMicroversions(asked.version, until) < 0;
}

function typeOf(checker: ts.TypeChecker, type: ts.Type, field: string): ts.Type {
  const symbol = checker.getPropertyOfType(type, field);
  if (symbol === undefined) throw new Error(`no ${field} in ${checker.typeToString(type)}`);
  return checker.getTypeOfSymbol(symbol);
}

const isIn = (members: readonly Member[], { name, text }: Member): boolean =>
  members.some((other) => other.name === name && other.text === text);
