-- comment: 没有数的原因
-- purpose: The reasons a unit may choose for a missing number, as expectations/reasons.yaml lists them; goes_with: zero, the numbers are 0; nothing, they are left empty.
-- grain: no_data_reason_code
create table if not exists raw.no_data_reason (
    no_data_reason_code varchar,
    no_data_reason_no integer,
    no_data_reason_label varchar,
    goes_with varchar,
    counts_against boolean
);
