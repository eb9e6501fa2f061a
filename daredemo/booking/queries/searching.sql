-- Which of the candidates have a free time as wanted, and when first. A day is the bits of its half hours: bit n
-- of `m` is a half hour with a place, bit n of `fits` a start that would do. `town` is what a municipality's policy
-- says, `open` from when until when a facility can be booked with its sessions as bits, `free` its days.
-- OFFSET 0 keeps what is worked out once from being worked out for every day.
WITH near AS MATERIALIZED ({candidates}),
towns AS MATERIALIZED (
    SELECT known.municipality_id, use_from,
        coalesce((hours->>'start_grid')::int, %(grid)s) AS grid,
        coalesce((hours->'unit'->>'minimum')::int, %(minimum)s) AS minimum,
        coalesce((hours->'unit'->>'step')::int, %(step)s) AS step,
        coalesce((book->>'months_ahead')::int, %(ahead)s) AS ahead,
        coalesce((book->>'residents_first_days')::int, %(first)s) AS first
    FROM (SELECT DISTINCT municipality_id FROM near) known
    JOIN municipalities_programme public ON public.municipality_id = known.municipality_id
        AND served AND facilities_public_from <= %(today)s
    LEFT JOIN LATERAL (
        SELECT settings->'hours' AS hours, settings->'window' AS book FROM municipalities_policyversion v
        WHERE v.municipality_id = known.municipality_id AND in_force_from <= %(today)s
        ORDER BY in_force_from DESC LIMIT 1) latest ON true
)
SELECT row_to_json(facility), best.km, best.days, best.fits FROM (
    SELECT near.id, near.km, near.kana, free.days, free.fits FROM near
    CROSS JOIN LATERAL (SELECT * FROM towns WHERE towns.municipality_id = near.municipality_id LIMIT 1) town
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN near.window_days_before IS NOT NULL
                THEN waited::date + near.window_days_before - (waited::time < near.window_time)::int
                ELSE (date_trunc('month', waited) + interval '1 month' * (town.ahead + (
                    waited >= date_trunc('month', waited)::date + near.window_day - 1 + near.window_time
                    )::int))::date - 1 END AS last_day,
            greatest(town.use_from, first_start::date) AS first_day,
            first_start::date AS soonest_day,
            -1::bigint << ceil(extract(epoch FROM first_start::time) / 1800)::int AS soonest,
            CASE WHEN near.sessions = '{{}}' THEN NULL ELSE ARRAY(
                SELECT ((1::bigint << (ends + 29) / 30 - starts / 30) - 1) << starts / 30 FROM (
                    SELECT substr(session, 1, 2)::int * 60 + substr(session, 4, 2)::int AS starts,
                        substr(session, 7, 2)::int * 60 + substr(session, 10, 2)::int AS ends
                    FROM unnest(near.sessions) AS session) clocks
                WHERE starts >= %(after)s AND ends <= %(before)s AND ends - starts >= %(minutes)s
                    AND starts %% town.grid = 0 AND ends - starts >= town.minimum
                    AND (ends - starts - town.minimum) %% town.step = 0) END AS sessions,
            CASE WHEN %(minutes)s BETWEEN town.minimum AND near.longest_minutes
                    AND (%(minutes)s - town.minimum) %% town.step = 0
                THEN %(starts)s::bigint
                    & CASE WHEN 30 %% town.grid = 0 THEN -1 ELSE %(every_other)s::bigint END
                ELSE 0 END AS starts
        FROM (
            SELECT %(now)s::timestamp - interval '1 day' * CASE
                WHEN %(home)s::text IN ('', near.municipality_id) THEN 0
                ELSE greatest(town.first, near.residents_first_days) END AS waited,
            greatest(%(now)s::timestamp + interval '1 microsecond', CASE WHEN near.window_closes_days IS NULL
                THEN %(now)s::timestamp + interval '1 hour' * near.window_closes_hours
                ELSE (%(today)s::date + near.window_closes_days
                    + (%(now)s::timestamp > %(today)s::date + near.window_closes_time)::int)::timestamp
                END) AS first_start OFFSET 0) clock
        OFFSET 0) open
    {join} JOIN LATERAL (
        SELECT array_agg(date) AS days, array_agg(fits) AS fits FROM (
            SELECT date, fits FROM booking_openedday d
            CROSS JOIN LATERAL (SELECT %(age)s + (date >= %(older)s)::int AS age,
                %(class_age)s + (date >= %(moves_up)s)::int AS class_age) child
            CROSS JOIN LATERAL (SELECT d.free[1 + CASE near.kind
                WHEN 'spare' THEN least(2, child.class_age) ELSE child.age END] AS m OFFSET 0) half_hours
            CROSS JOIN LATERAL (
                SELECT CASE WHEN open.sessions IS NULL THEN {run} & open.starts ELSE (
                    SELECT coalesce(bit_or(session & -session), 0) FROM unnest(open.sessions) AS session
                    WHERE m & session = session) END
                & CASE WHEN date > soonest_day THEN -1 ELSE soonest END AS fits) run
            WHERE d.facility_id = near.id AND d.closed_at IS NULL
                AND date = ANY(%(dates)s) AND date BETWEEN first_day AND last_day
                AND child.age <= near.oldest_age AND (child.age + 1) * 12 > near.youngest_months
                AND (%(born)s::date IS NULL OR near.youngest_months <=
                    (extract(year FROM date) - extract(year FROM %(born)s::date)) * 12
                    + extract(month FROM date) - extract(month FROM %(born)s::date)
                    - (extract(day FROM date) < extract(day FROM %(born)s::date))::int)
                AND fits <> 0
            ORDER BY date LIMIT %(shown)s) days
        {having}) free {on}
    ORDER BY near.km, {tie}near.kana, near.id LIMIT %(most)s) best
JOIN facilities_facility facility USING (id)
ORDER BY best.km, {tie}best.kana, best.id
