-- comment: 来源中见过的文件
-- purpose: What each source remembers of its files, so that nothing is fetched twice; nothing else follows from it. The key is a digest of the path, which may hold what may not be kept.
-- grain: source_name, entry_key
-- nulls: byte_count null: the source does not tell. content_sha256 and taken_at null: seen, and not taken yet.
create table if not exists raw.source_entry (
    source_name varchar,
    entry_key varchar,
    byte_count bigint,
    stamp varchar,
    tag varchar,
    content_sha256 varchar,
    first_seen_at timestamptz,
    taken_at timestamptz
);
