import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { answer } from './ibmcloud-stand-in.ts';
import type { CloudState } from './ibmcloud-state.ts';

/** The stand-in as a program, once bundled: its state is in the file that IBMCLOUD_STAND_IN names. */

// Whatever runs the CLI keeps its secrets to itself.
if (process.env['ADMIN_PASSWORD'] !== undefined) throw new Error('The environment holds a secret.');

const file = process.env['IBMCLOUD_STAND_IN'] ?? '';
const state = JSON.parse(readFileSync(file, 'utf8')) as CloudState;
const { code, stdout } = answer(process.argv.slice(2), state);
writeFileSync(`${file}.new`, JSON.stringify(state));
renameSync(`${file}.new`, file);
process.stdout.write(stdout);
process.exitCode = code;

// A test that wants to stop a deployment in the middle says at which call this one hangs.
if (state.calls.length === Number(process.env['IBMCLOUD_HANG_AT'])) setInterval(() => undefined, 1_000);
