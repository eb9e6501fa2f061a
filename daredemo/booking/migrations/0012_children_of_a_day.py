from django.db import migrations

# A day counts children, not bookings: whoever comes twice is one.
COUNT = """
UPDATE booking_openedday d SET day_booked = found.children FROM (
    SELECT day_id, count(DISTINCT child_id) AS children FROM (
        SELECT day_id, child_id FROM booking_booking
        WHERE status IN ('requested', 'booked') OR (status = 'cancelled' AND released_at IS NULL)
        UNION ALL
        SELECT day_id, child_id FROM booking_offer WHERE status = 'open') held
    GROUP BY day_id) found
WHERE found.day_id = d.id AND d.day_booked <> found.children
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0011_when_the_line_closes")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
