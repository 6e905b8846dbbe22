import path from 'node:path';
import ts from 'typescript';
import type { Comments } from './page.ts';

/**
 * Reads the comments of resources, operations and arguments from the source of `core`, through the compiler: a record is data,
 * and has no comments when the program runs. By service, as it is called on the client.
 */
export function readComments(core: string): ReadonlyMap<string, Comments> {
  const file = path.join(core, 'src', 'services', 'records.ts');
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ['@groundcrew/source'],
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const records = module?.exports?.get(ts.escapeLeadingUnderscores('records'));
  const declared = records?.valueDeclaration;
  const initializer =
    declared !== undefined && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  if (source === undefined || initializer === undefined) throw new Error(`${file} exports no records`);

  const typeOf = (symbol: ts.Symbol): ts.Type => checker.getTypeOfSymbolAtLocation(symbol, source);
  const below = (symbol: ts.Symbol, ...names: readonly string[]): readonly ts.Symbol[] => {
    let type = typeOf(symbol);
    for (const name of names) {
      const property = type.getProperty(name);
      if (property === undefined) return [];
      type = typeOf(property);
    }
    return type.getProperties();
  };
  const comment = (symbol: ts.Symbol): string =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

  const services = new Map<string, Comments>();
  // Their declared type is that of any service: what each is made of is in the value.
  for (const service of checker.getTypeAtLocation(initializer).getProperties()) {
    const found = new Map<string, string>();
    for (const resource of below(service, 'resources')) {
      // The comment stands above the `const` that the property stands for.
      found.set(resource.name, comment(resource) || comment(valueOf(checker, resource)));
      for (const operation of below(resource, 'operations')) {
        const name = `${resource.name}.${operation.name}`;
        found.set(name, comment(operation));
        for (const argument of below(operation, 'input', 'fields'))
          found.set(`${name}.${argument.name}`, comment(argument));
      }
    }
    services.set(service.name, found);
  }
  return services;
}

/** The variable that a property stands for: of a module's re-export, and of `{ servers }`, which is `{ servers: servers }`. */
function valueOf(checker: ts.TypeChecker, property: ts.Symbol): ts.Symbol {
  const [declaration] = property.declarations ?? [];
  const named =
    declaration !== undefined && ts.isShorthandPropertyAssignment(declaration)
      ? (checker.getShorthandAssignmentValueSymbol(declaration) ?? property)
      : property;
  return (named.flags & ts.SymbolFlags.Alias) === 0 ? named : checker.getAliasedSymbol(named);
}
