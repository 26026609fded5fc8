/** A printed `curl` line, as the request that it stands for. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Reads the few options of `curl` that the documents use: -s, -i, -X, -H, -d; single and double quotes. */
export function readCurlLine(line: string): CurlRequest {
  const [command, ...words] = splitWords(line);
  if (command !== 'curl') throw new Error(`not a curl line: ${line}`);
  const headers: Record<string, string> = {};
  let method: string | undefined;
  let url = '';
  let body: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const argument = (): string => words[++index] ?? '';
    if (word === '-s' || word === '-i') continue;
    else if (word === '-X') method = argument();
    else if (word === '-H') {
      const [name = '', ...value] = argument().split(':');
      headers[name.toLowerCase()] = value.join(':').trim();
    } else if (word === '-d') body = [...(body === undefined ? [] : [body]), argument()].join('&');
    else if (word.startsWith('-')) throw new Error(`an option of curl that is not known here: ${word}`);
    else url = word;
  }
  if (body !== undefined) headers['content-type'] ??= 'application/x-www-form-urlencoded';
  return { method: method ?? (body === undefined ? 'GET' : 'POST'), url, headers, body };
}

function splitWords(line: string): readonly string[] {
  return [...line.trim().matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
