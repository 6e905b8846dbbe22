// Adds up the JSON results that vitest wrote: count.mjs FOLDER RUN...
// A run without results counts as one failure: it died before it could tell.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, ...runs] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
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
  for (const test of result.testResults.flatMap((file) => file.assertionResults)) {
    if (test.status === 'passed') total.passed += 1;
    else if (test.status === 'failed') {
      total.failed += 1;
      console.log(`failed: ${test.fullName}`);
    } else {
      total.skipped += 1;
      console.log(`skipped: ${test.fullName}`);
    }
  }
}
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
