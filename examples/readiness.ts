// The readiness report, and what a pipeline can do with it.
import { connect } from '@groundcrew/core';
import { collect, toHtml, toTerminal } from '@groundcrew/readiness';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

const report = await collect(cloud, {
  name: 'a simulated cloud',
  onAnswer: (id) => console.log(`answered: ${id}`),
});
console.log(toTerminal(report, { most: 2 }));

// One page without scripts or anything from elsewhere: writeFile('readiness.html', page).
const page = toHtml(report);
console.log(`a page of ${Math.round(page.length / 1024)} KiB`);

// A finding is data: rule, verdict, severity, subject, evidence, remedy.
const critical = report.answers
  .flatMap((answer) => answer.findings)
  .filter((finding) => finding.verdict === 'fail' && finding.severity === 'critical');
for (const { title, because, remedy } of critical) {
  console.log(`${title}\n  because ${because[0]?.statement}\n  ${remedy}`);
}
console.log(`${critical.length} critical; ${report.tally.unknown} not known`);
