import { readFileSync } from 'node:fs';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { emptyEnvironmentFile } from '../../lib/platform/configuration/environment-file.ts';
import { createFindings } from '../../lib/platform/configuration/findings.ts';
import { readNatsSettings } from '../../lib/platform/configuration/nats-settings.ts';
import { createSettingReader } from '../../lib/platform/configuration/setting-reader.ts';
import { ResponderError } from './responder-error.ts';

/** A text, and where it was given. */
export interface Given {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a server as the observer reads `NATS_URL` and `NATS_CREDS`.
 * @throws {ResponderError} saying what is wrong, and showing no password.
 */
export function readServer(url: Given, creds: Given | undefined): NatsSettings {
  const findings = createFindings();
  const environment = { NATS_URL: url.text, NATS_CREDS: creds?.text };
  const reader = createSettingReader({ environment, file: emptyEnvironmentFile, underTest: false, findings });
  const settings = readNatsSettings(reader, findings, (path) => readFileSync(path, 'utf8'));
  const [problem] = findings.problems();
  if (problem === undefined && settings !== undefined) return settings;
  const name = problem?.key === 'NATS_CREDS' ? creds?.name : url.name;
  throw new ResponderError(2, `${name} ${problem?.message ?? 'is needed'}`);
}
