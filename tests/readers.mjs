// What two parsers for Node.js make of a feed on standard input: `node readers.mjs FOLDER PARSER`, a JSON list out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [folder, name] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const text = readFileSync(0, "utf8");

const parsers = {
  async "rss-parser"() {
    const feed = await new (require("rss-parser"))().parseString(text);
    return feed.items.map((item) => ({
      id: item.guid ?? item.id, title: item.title, url: item.link, date: item.isoDate,
      content: item["content:encoded"] ?? item.content, author: item.creator ?? item.author,
    }));
  },
  async feedsmith() {
    const { format, feed } = require("feedsmith").parseFeed(text);
    const read = {
      rss: (item) => ({
        id: item.guid?.value, title: item.title, url: item.link, date: item.pubDate,
        content: item.content?.encoded, author: item.dc?.creators?.[0] ?? item.dc?.creator,
      }),
      atom: (item) => ({
        id: item.id, title: item.title?.value ?? item.title, date: item.published,
        url: item.links.find((link) => !link.rel || link.rel === "alternate")?.href,
        content: item.content?.value ?? item.content, author: item.authors?.[0]?.name,
      }),
      json: (item) => ({
        id: item.id, title: item.title, url: item.url, date: item.date_published,
        content: item.content_html, author: item.authors?.[0]?.name,
      }),
    }[format];
    return (feed.items ?? feed.entries).map(read);
  },
};

process.stdout.write(JSON.stringify(await parsers[name]()));
