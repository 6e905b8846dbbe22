import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/**
 * What OpenStack's own command says to several questions, in their order, as JSON: a client that shares nothing with ours. One
 * process asks them all, since starting it takes longer than most answers.
 */
export async function openstackBatch(
  { cloud, cloudsYaml }: { readonly cloud: string; readonly cloudsYaml: string },
  questions: readonly string[],
): Promise<unknown[]> {
  const child = spawn('openstack', [], {
    env: { ...process.env, OS_CLOUD: cloud, OS_CLIENT_CONFIG_FILE: cloudsYaml },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(questions.map((question) => `${question} -f json\n`).join(''));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const answers = documentsIn(out);
  if (answers.length !== questions.length)
    throw new Error(`openstack answered ${answers.length} of ${questions.length}: ${out}\n${errors}`);
  return answers;
}

/** Documents begin and end at the beginning of a line; what stands between them is the command's own talk. */
function documentsIn(out: string): unknown[] {
  const documents: unknown[] = [];
  let open: string[] | undefined;
  for (const line of out.split('\n')) {
    if (/^(\[\]|\{\})$/.test(line)) documents.push(JSON.parse(line));
    else if (/^[[{]$/.test(line)) open = [line];
    else open?.push(line);
    if (open !== undefined && /^[\]}]$/.test(line)) {
      documents.push(JSON.parse(open.join('\n')));
      open = undefined;
    }
  }
  return documents;
}
