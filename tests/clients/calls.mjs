// Every call of the OpenAI API by openai-node: calls.mjs BASE_URL COLLECTION
// Prints one JSON object with what each call gave. calls.py does the same by openai-python.

import OpenAI, { toFile } from 'openai';

const [baseURL, collection] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
const model = 'fake-model';
const user = (content) => [{ role: 'user', content }];

async function chat() {
  const completion = await client.chat.completions.create({ model: collection, messages: user('What does it wait for?') });
  const choice = completion.choices[0];
  return {
    content: choice.message.content,
    role: choice.message.role,
    finish_reason: choice.finish_reason,
    model: completion.model,
    counted: completion.usage.total_tokens > 0,
    sources: completion.sources.length,
  };
}

async function streamed() {
  const chunks = [];
  const stream = await client.chat.completions.create({
    model: collection,
    messages: user('What does it wait for?'),
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 50,
  });
  for await (const chunk of stream) chunks.push(chunk);
  return {
    contents: chunks.filter((chunk) => chunk.choices.length).map((chunk) => chunk.choices[0].delta.content ?? ''),
    role: chunks[0].choices[0].delta.role,
    finish_reason: chunks.at(-2).choices[0].finish_reason,
    sources: chunks.at(-2).sources.length,
    counted: chunks.at(-1).usage.total_tokens > 0,
  };
}

async function conversation() {
  const messages = [
    { role: 'developer', content: 'Count upwards.' },
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'Two.' },
    { role: 'user', content: [{ type: 'text', text: 'And then?' }] },
  ];
  const completion = await client.chat.completions.create({ model, messages, user: 'eve' });
  return completion.choices[0].message.content;
}

async function together() {
  const calls = Array.from({ length: 8 }, () => client.chat.completions.create({ model, messages: user('Hello') }));
  return (await Promise.all(calls)).map((completion) => completion.choices[0].message.content);
}

async function cancelled() {
  const stream = await client.chat.completions.create({ model, messages: user('Go on'), stream: true });
  for await (const chunk of stream) {
    const content = chunk.choices[0]?.delta.content;
    if (content) {
      stream.controller.abort();
      return content;
    }
  }
}

async function embeddings() {
  const byDefault = await client.embeddings.create({ model: 'any', input: ['A heron.', 'A ship.'] });
  const asNumbers = await client.embeddings.create({ model: 'any', input: 'A heron.', encoding_format: 'float' });
  const [one, other] = [byDefault.data[0].embedding, asNumbers.data[0].embedding];
  return {
    lengths: byDefault.data.map((entry) => entry.embedding.length),
    same: Math.max(...one.map((number, place) => Math.abs(number - other[place]))) < 1e-6,
    counted: byDefault.usage.total_tokens > 0,
  };
}

async function speech() {
  const input = 'One sentence is here. Another one is there.';
  const whole = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input });
  const response = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input, response_format: 'wav' });
  const pieces = [];
  for await (const piece of response.body) pieces.push(piece);
  const joined = Buffer.concat(pieces);
  return {
    same: joined.equals(Buffer.from(await whole.arrayBuffer())),
    begin: joined.subarray(0, 4).toString(),
    type: response.headers.get('content-type'),
  };
}

async function transcriptions() {
  const spoken = await client.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input: 'The heron waits for fish.',
    response_format: 'wav',
  });
  const wav = Buffer.from(await spoken.arrayBuffer());
  const transcribe = async (parameters) =>
    client.audio.transcriptions.create({ model: 'whisper-1', file: await toFile(wav, 'question.wav'), ...parameters });
  const verbose = await transcribe({ response_format: 'verbose_json', timestamp_granularities: ['segment'] });
  return {
    json: (await transcribe({ language: 'en', prompt: 'Herons' })).text,
    text: await transcribe({ response_format: 'text' }),
    verbose: [verbose.text, verbose.language, verbose.segments[0].end, verbose.duration > 0],
    srt: await transcribe({ response_format: 'srt' }),
    vtt: await transcribe({ response_format: 'vtt' }),
  };
}

async function models() {
  const listed = [];
  for await (const entry of client.models.list()) listed.push(entry.id);
  return {
    listed,
    one: (await client.models.retrieve(collection)).id,
    slashed: (await client.models.retrieve('Qwen/Qwen3-8B')).id,
  };
}

async function error(call) {
  try {
    await call();
  } catch (failure) {
    return [failure.constructor.name, failure.status, failure.param ?? null];
  }
  return 'none';
}

async function errors() {
  return {
    tools: await error(() =>
      client.chat.completions.create({
        model,
        messages: user('Hello'),
        tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
      }),
    ),
    streamed: await error(() => client.chat.completions.create({ model, messages: user('Hello'), n: 2, stream: true })),
    tokens: await error(() => client.embeddings.create({ model: 'any', input: [1, 2, 3] })),
    model: await error(() => client.models.retrieve('none/such')),
    path: await error(() => client.images.generate({ model: 'any', prompt: 'A heron' })),
    audio: await error(async () =>
      client.audio.transcriptions.create({ model: 'any', file: await toFile(Buffer.from('no audio'), 'a.wav') }),
    ),
    refused: await error(() => client.chat.completions.create({ model, messages: user('Refuse') })),
    away: await error(() => client.audio.speech.create({ model: 'any', voice: 'alloy', input: 'Fail.' })),
  };
}

const calls = { chat, streamed, conversation, together, cancelled, embeddings, speech, transcriptions, models, errors };
const results = {};
for (const [name, call] of Object.entries(calls)) results[name] = await call();
console.log(JSON.stringify(results));
