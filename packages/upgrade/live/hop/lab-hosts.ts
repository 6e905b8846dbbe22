import type { Host } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import type { LabPlace } from './lab-place.ts';
import { topology } from './lab-place.ts';
import { fileHere, wordsHere } from './lab-words.ts';

/** The hosts of the topology: all of them are this machine, and each has its own code of a service. */
export const labHosts = (place: LabPlace): Host[] =>
  topology.hosts.map(({ name }) => {
    const here = localHost({ name });
    return {
      name,
      run: (command, options) => here.run(wordsHere(command, name, place), options),
      upload: (content, file, options) => here.upload(content, fileHere(file, name, place), options),
      download: (file, options) => here.download(fileHere(file, name, place), options),
    };
  });
