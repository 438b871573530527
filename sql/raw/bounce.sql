-- comment: 退信
-- purpose: Addresses to which a mail of ours could not be delivered, by the reports that came back; the contacts are to be put right.
-- grain: address
create table if not exists raw.bounce (
    address varchar,
    reason varchar,
    bounced_at timestamptz
);
