import path from 'node:path';
import ts from '@typescript/typescript6';

/** Asks the compiler what it infers from the records: types are wanted first, and known when all are. */
export class Inferred {
  readonly #root: string;
  readonly #wanted = new Map<string, string>();
  #checker: ts.TypeChecker | undefined;
  #aliases: ReadonlyMap<string, ts.Type> = new Map();

  constructor(root: string) {
    this.#root = root;
  }

  get checker(): ts.TypeChecker {
    if (this.#checker === undefined) throw new Error('nothing has been inferred yet');
    return this.#checker;
  }

  /** The folder of the sources. */
  get src(): string {
    return path.join(this.#root, 'src');
  }

  /** Names what is to be inferred. The expression may name what `header` imports. */
  want(expression: string): string {
    const known = this.#wanted.get(expression);
    if (known !== undefined) return known;
    const name = `Wanted${this.#wanted.size}`;
    this.#wanted.set(expression, name);
    return name;
  }

  /** Runs the compiler over the sources and what is wanted of them. */
  infer(header: string): void {
    const file = path.join(this.#root, 'src', '_wanted.ts');
    const lines = [...this.#wanted].map(([expression, name]) => `export type ${name} = ${expression};`);
    const text = `${header}\n${lines.join('\n')}\n`;
    const config = ts.readConfigFile(path.join(this.#root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, this.#root);
    const fromSource = {
      ...options,
      composite: false,
      noEmit: true,
      customConditions: ['@groundcrew/source'],
    };
    const host = ts.createCompilerHost(fromSource);
    const getSourceFile = host.getSourceFile.bind(host);
    const fileExists = host.fileExists.bind(host);
    host.fileExists = (name) => name === file || fileExists(name);
    host.getSourceFile = (name, languageVersion, ...rest) =>
      name === file
        ? ts.createSourceFile(name, text, languageVersion, true)
        : getSourceFile(name, languageVersion, ...rest);
    const program = ts.createProgram([file], fromSource, host);
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not in its program`);
    const faults = program.getSemanticDiagnostics(source);
    if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults.slice(0, 10), host));
    const checker = program.getTypeChecker();
    this.#checker = checker;
    this.#aliases = new Map(
      source.statements
        .filter((statement) => ts.isTypeAliasDeclaration(statement))
        .map((alias) => [alias.name.text, checker.getTypeFromTypeNode(alias.type)]),
    );
  }

  /** What a name that `want` gave stands for. */
  type(name: string): ts.Type {
    const type = this.#aliases.get(name);
    if (type === undefined) throw new Error(`${name} was not wanted`);
    return type;
  }
}
