-- comment: 星型表依据
-- purpose: From what the star tables were built last, as one digest of the raw tables and the SQL: equal, and they need not be built again.
-- grain: content
create table if not exists raw.star_built (
    content text
);
