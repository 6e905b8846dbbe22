// A block of docs/guides/coverage.md: coverage.test.ts compares them, and runs it.
import { connect } from '@groundcrew/core';
import { assessCoverage, observeCoverage } from '@groundcrew/monitoring/coverage';

await using cloud = connect({ cloud: 'prod' });
for (const { verdict, title, because, remedy } of assessCoverage(await observeCoverage(cloud))) {
  if (verdict === 'pass') continue;
  console.log(`${verdict} ${title}: ${because.map(({ statement }) => statement).join('; ')}`);
  if (verdict === 'fail') console.log(remedy);
}
