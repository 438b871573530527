-- comment: 报送文件何时为读者所见
-- purpose: When readers first saw each accepted file in a publication, by the log of the publication; written by stage publish.
-- grain: submission_id
create table if not exists raw.shown (
    submission_id varchar,
    published_from timestamptz
);
