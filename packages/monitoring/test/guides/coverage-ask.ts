// A block of docs/guides/coverage.md: coverage.test.ts compares them, and runs it.
import { connect } from '@groundcrew/core';
import { blindSpots, observeCoverage } from '@groundcrew/monitoring/coverage';
import { prometheus } from '@groundcrew/monitoring/prometheus';

await using cloud = connect({ cloud: 'prod' });
await using prom = prometheus('http://prom:9090');
const found = await observeCoverage(cloud, { prometheus: prom, freshness: '10m' });
for (const { what, things, of, stale, opensWith } of blindSpots(found)) {
  console.log(`${what}: ${things.length} of ${of}, ${stale.length} of them were measured once`);
  for (const { program, file, line, byDefault } of opensWith) console.log(program, file, line, byDefault);
}
