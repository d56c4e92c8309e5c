/** Where the demo's words go. */
export interface Screen {
  line(text?: string): void;
  heading(text: string): void;
}

const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

export function createScreen(stream: NodeJS.WriteStream): Screen {
  const line = (text = ''): void => {
    stream.write(`${text}\n`);
  };
  return {
    line,
    heading: (text) => {
      line();
      line(stream.isTTY ? `${BOLD}${text}${PLAIN}` : text);
    },
  };
}

const WIDTH = 110;

/** Breaks a paragraph at spaces, each line after `indent` spaces. */
export function wrapped(text: string, indent = 2): string {
  const room = WIDTH - indent;
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > room) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  lines.push(current);
  return lines.map((one) => ' '.repeat(indent) + one).join('\n');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
