/**
 * Writes the API reports of every published package, one for each of its entries (`--local`), or checks that the ones in
 * git are true: a change of the public surface is a visible diff, never an accident.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const packages = path.join(import.meta.dirname, '..', 'packages');
const localBuild = process.argv.includes('--local');
let failed = 0;
for (const name of readdirSync(packages).toSorted()) {
  const folder = path.join(packages, name);
  const configObjectFullPath = path.join(folder, 'api-extractor.json');
  if (!existsSync(configObjectFullPath)) continue;
  const etc = path.join(folder, 'etc');
  mkdirSync(etc, { recursive: true });
  const base = ExtractorConfig.loadFile(configObjectFullPath);
  const packageJsonFullPath = path.join(folder, 'package.json');
  const prepared = entriesOf(packageJsonFullPath, name).map(([report, types]) => ({
    report,
    extractorConfig: ExtractorConfig.prepare({
      configObject: {
        ...base,
        mainEntryPointFilePath: path.join(folder, types),
        apiReport: { ...base.apiReport, enabled: true, reportFileName: report },
      },
      configObjectFullPath,
      packageJsonFullPath,
    }),
  }));
  const [first] = prepared;
  if (first === undefined) continue;
  // One program for all entries of a package: most of the time goes into reading the declarations that they share.
  const compilerState = CompilerState.create(first.extractorConfig, {
    additionalEntryPoints: prepared.map(({ extractorConfig }) => extractorConfig.mainEntryPointFilePath),
  });
  const reports = new Set(prepared.map(({ report }) => report));
  for (const { report, extractorConfig } of prepared) {
    const told: string[] = [];
    const { succeeded } = Extractor.invoke(extractorConfig, {
      compilerState,
      localBuild,
      messageCallback(message) {
        message.handled = true;
        const { logLevel, text } = message;
        if (logLevel === ExtractorLogLevel.Warning || logLevel === ExtractorLogLevel.Error) told.push(text);
      },
    });
    console.log(`${succeeded ? 'ok     ' : 'CHANGED'} ${report}`);
    if (succeeded) continue;
    failed += 1;
    console.log(told.join('\n'));
  }
  for (const report of readdirSync(etc)) {
    if (reports.has(report)) continue;
    if (localBuild) rmSync(path.join(etc, report));
    else failed += 1;
    console.log(`${localBuild ? 'removed' : 'GONE   '} ${report}, which no entry has`);
  }
}
if (failed > 0) console.log('Run `pnpm api:reports`, and commit etc/*.api.md if the change is meant.');
process.exitCode = failed === 0 ? 0 : 1;

/** The report of each entry that has types, with its declarations: `audit-trail.api.md` for `@groundcrew/audit/trail`. */
function entriesOf(packageJson: string, name: string): [report: string, types: string][] {
  const { exports } = JSON.parse(readFileSync(packageJson, 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
  };
  return Object.entries(exports).flatMap(([entry, target]): [string, string][] => {
    if (typeof target === 'string' || target.types === undefined) return [];
    const own = entry === '.' ? name : `${name}-${entry.slice(2).replaceAll('/', '-')}`;
    return [[`${own}.api.md`, target.types]];
  });
}
