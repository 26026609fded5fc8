import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from './ibmcloud-stand-in.ts';
import type { CloudState } from './ibmcloud-state.ts';

/**
 * The stand-in as a program, once bundled: the cloud is in the file that IBMCLOUD_STAND_IN names, and which project is
 * selected in the CLI's own folder.
 */

// Whatever runs the CLI keeps its secrets to itself.
if (process.env['ADMIN_PASSWORD'] !== undefined) throw new Error('The environment holds a secret.');

const selection = (home = ''): string => join(home, '.bluemix/plugins/code-engine/config.json');
const own = selection(process.env['IBMCLOUD_HOME'] ?? process.env['HOME']);
const { selected } = JSON.parse(readFileSync(own, 'utf8')) as Pick<CloudState, 'selected'>;
const file = process.env['IBMCLOUD_STAND_IN'] ?? '';
const state = { ...(JSON.parse(readFileSync(file, 'utf8')) as CloudState), selected };
const { code, stdout } = answer(process.argv.slice(2), state);
writeFileSync(own, JSON.stringify({ selected: state.selected }));
writeFileSync(`${file}.new`, JSON.stringify(state));
renameSync(`${file}.new`, file);
process.stdout.write(stdout);
process.exitCode = code;

// Another shell, which selects a project of its own between any two commands.
const theirs = process.env['IBMCLOUD_OTHER_SHELL'];
if (theirs !== undefined) writeFileSync(selection(process.env['HOME']), JSON.stringify({ selected: theirs }));

// A test that wants to stop a deployment in the middle says at which call this one hangs.
if (state.calls.length === Number(process.env['IBMCLOUD_HANG_AT'])) setInterval(() => undefined, 1_000);
