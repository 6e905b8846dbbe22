// Adds up the JSON results that vitest wrote: count.mjs FOLDER RUN...
// A run without results counts as one failure: it died before it could tell.
// The last line is "N passed, N failed", then how many were skipped and how many files of the live suites were left out, if any.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, ...runs] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
/** Skipped tests by the package, or the folder, that their file is in. */
const skippedIn = new Map();
for (const run of runs) {
  let result;
  try {
    result = JSON.parse(readFileSync(path.join(folder, `${run}.json`), 'utf8'));
  } catch {
    console.log(`${run}: no results`);
    total.failed += 1;
    continue;
  }
  const suitesWithoutTests = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  for (const file of suitesWithoutTests) console.log(`failed to start: ${path.relative('.', file.name)}`);
  total.failed += suitesWithoutTests.length;
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') total.passed += 1;
      else if (test.status === 'failed') {
        total.failed += 1;
        console.log(`failed: ${test.fullName}`);
      } else {
        total.skipped += 1;
        count(skippedIn, packageOf(path.relative('.', file.name)));
        console.log(`skipped: ${test.fullName}`);
      }
    }
  }
}

const parts = [`${total.passed} passed`, `${total.failed} failed`];
if (total.skipped > 0) parts.push(`${total.skipped} skipped (${listed(skippedIn)})`);
const selection = path.join(folder, 'live-left-out.json');
if (existsSync(selection)) {
  const { leftOut } = JSON.parse(readFileSync(selection, 'utf8'));
  const leftOutIn = new Map();
  for (const file of leftOut) count(leftOutIn, packageOf(file));
  if (leftOut.length > 0)
    parts.push(`${leftOut.length} files of the live suites left out (${listed(leftOutIn)})`);
}
console.log(parts.join(', '));
process.exitCode = total.failed === 0 ? 0 : 1;

function count(counts, name) {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function listed(counts) {
  return [...counts].map(([name, number]) => `${name} ${number}`).join(', ');
}

function packageOf(file) {
  const [first, second] = file.split(path.sep);
  return first === 'packages' ? second : first;
}
