import { DockerfileParser, type Instruction, type ModifiableInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

/** One instruction, as it is written but for line continuations. */
export interface DockerInstruction {
  /** Upper case. */
  readonly keyword: string;
  /** `--chown=1000:1000` is `chown`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows keyword and flags. */
  readonly text: string;
}

/** The instructions of each stage, `FROM` first. */
export function stagesOf(dockerfile: string): readonly (readonly DockerInstruction[])[] {
  const stages: DockerInstruction[][] = [];
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const read = readInstruction(instruction);
    if (read.keyword === 'FROM') stages.push([read]);
    else stages.at(-1)?.push(read);
  }
  return stages;
}

function readInstruction(instruction: Instruction | ModifiableInstruction): DockerInstruction {
  const flags = 'getFlags' in instruction ? instruction.getFlags() : [];
  return {
    keyword: instruction.getKeyword(),
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    text: (instruction.getArgumentsContent() ?? '').replaceAll(/\\\r?\n\s*/g, ''),
  };
}

/** The instructions of a stage with this keyword. */
export function all(stage: readonly DockerInstruction[], keyword: string): readonly DockerInstruction[] {
  return stage.filter((instruction) => instruction.keyword === keyword);
}

/** The words of an instruction in the form of a JSON array: `CMD ["a", "b"]`. Fails for any other form. */
export function wordsOf({ text }: DockerInstruction): readonly string[] {
  return JSON.parse(text.replace(/^CMD /, '')) as string[];
}

/** What the linter has to say, with the line. */
export function dockerfileFaults(dockerfile: string): readonly string[] {
  return validate(dockerfile).map(({ range, message }) => {
    const text = typeof message === 'string' ? message : message.value;
    return `line ${range.start.line + 1}: ${text}`;
  });
}
