-- One booking in one call: the same rows under the same locks as a booking through the web, decided by
-- nobody but the constraints. `bench_family` and the words in braces come from yardstick.py.

CREATE FUNCTION bench_book(n bigint) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    now_ timestamptz := clock_timestamp();
    days date[] := {days};
    of_month int;
    turn int := n % {turns};
    who bench_family;
    day date;
    starts timestamptz;
    first_cell int;
    month_ booking_childmonth;
    opened booking_openedday;
    made uuid := {id};
    age smallint;
    facts jsonb;
BEGIN
    SELECT * INTO STRICT who FROM bench_family WHERE number = n / {turns} + ({turns} - 1 - turn) * {gap};
    of_month := array_length(days, 2);
    day := days[turn / {month_turns} + 1][(who.number + turn) % of_month + 1];
    first_cell := ({opens} + (who.number / of_month + turn) % {starts}) * 2;
    starts := (day + make_interval(mins => first_cell * 30)) AT TIME ZONE 'Asia/Tokyo';

    -- The locks, in the declared order. The first booking of a month opens its hours.
    SELECT * INTO month_ FROM booking_childmonth
        WHERE child_id = who.child AND month = date_trunc('month', day) FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO booking_childmonth (id, child_id, month, cap_minutes, spent_minutes)
            VALUES ({id}, who.child, date_trunc('month', day), {allowance}, 0) RETURNING * INTO month_;
        INSERT INTO booking_ledgerentry (id, child_month_id, bucket, kind, minutes, effect, reason, at)
            VALUES ({id}, month_.id, 'national', 'granted', {allowance}, {allowance}, '', now_);
    END IF;
    SELECT * INTO STRICT opened FROM booking_openedday
        WHERE facility_id = who.facility AND date = day FOR NO KEY UPDATE;
    PERFORM FROM booking_booking WHERE child_id = who.child AND date = day;
    IF FOUND OR month_.spent_minutes + {minutes} > month_.cap_minutes THEN
        RAISE EXCEPTION 'family % cannot book its turn %', who.number, turn;
    END IF;

    age := least(2, extract(year FROM age(day, who.born)));
    INSERT INTO booking_booking
            (id, number, request_key, child_id, guardian_id, facility_id, home_id, day_id, date, starts_at,
             ends_at, age_group, minutes, status, policy_id, place_policy_id, deadline_at, fee_deadline_at, yen,
             lines, wants_advice, booked_by_id, created_at, ground, words, call_reason, cause, fee_charged,
             revision)
        VALUES (made, 'P' || lpad((n * 387420489 % 1000000000)::text, 9, '0'), gen_random_uuid(), who.child,
             who.guardian, who.facility, {home}, opened.id, day, starts,
             starts + make_interval(mins => {minutes}), age, {minutes}, 'booked', {policy}, {policy},
             starts - interval '21 hours', starts - interval '21 hours', {yen},
             {lines}, false, who."user", now_, '', '', '', '', '', 0);
    INSERT INTO booking_ledgerentry
            (id, child_month_id, bucket, kind, minutes, effect, booking_id, reason, by_id, at)
        VALUES ({id}, month_.id, 'national', 'reserved', {minutes}, -{minutes}, made, '', who."user", now_);
    INSERT INTO booking_reminder (id, booking_id, kind, due_at)
        VALUES ({id}, made, 'eve', starts - interval '15 hours'),
               ({id}, made, 'before_deadline', starts - interval '39 hours');
    -- As many sealed bytes as a real message has; due when nobody is left to deliver it.
    INSERT INTO notifications_message
            (id, kind, to_id, address, language, context, channel, status, key, message_id,
             created_at, due_at, attempts, last_error)
        VALUES (made, 'booked', who."user", {address}, 'ja', {context}, 'mail', 'promised',
             'booked:' || made || ':0', '<' || replace(made::text, '-', '') || '@localhost>',
             now_, now_ + interval '10 years', 0, '');
    facts := jsonb_build_object('child', who.child, 'facility', who.facility, 'minutes', {minutes});
    INSERT INTO audit_entry (id, at, by_id, actor, action, subject_type, subject_id, facts)
        VALUES ({id}, now_, who."user", 'guardian', 'booking.booked', 'booking.Booking', made::text, facts);
    UPDATE booking_childmonth SET spent_minutes = spent_minutes + {minutes} WHERE id = month_.id;
    EXECUTE format('UPDATE booking_openedday SET day_booked = day_booked + 1, booked_%1$s[%2$s] = booked_%1$s[%2$s] + 1,'
                   ' booked_%1$s[%3$s] = booked_%1$s[%3$s] + 1, booked_%1$s[%4$s] = booked_%1$s[%4$s] + 1,'
                   ' booked_%1$s[%5$s] = booked_%1$s[%5$s] + 1 WHERE id = $1',
                   age, first_cell + 1, first_cell + 2, first_cell + 3, first_cell + 4) USING opened.id;
    RETURN made;
END $$;
