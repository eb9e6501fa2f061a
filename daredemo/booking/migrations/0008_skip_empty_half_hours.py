from django.db import migrations

# As before; half hours in which nobody is booked are passed over, and most of a day's are.
DAY_FITS = """
CREATE OR REPLACE FUNCTION day_fits(
    weights smallint[], offered smallint[],
    ceiling_all smallint[], ceiling_0 smallint[], ceiling_1 smallint[], ceiling_2 smallint[],
    areas integer[], room integer[],
    booked_0 smallint[], booked_1 smallint[], booked_2 smallint[]
) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    b0 integer; b1 integer; b2 integer;
BEGIN
    IF cardinality(offered) + cardinality(ceiling_all) + cardinality(ceiling_0) + cardinality(ceiling_1)
        + cardinality(ceiling_2) + cardinality(room) + cardinality(booked_0) + cardinality(booked_1)
        + cardinality(booked_2) <> 9 * 48 THEN
        RETURN false;
    END IF;
    FOR cell IN 1..48 LOOP
        CONTINUE WHEN booked_0[cell] = 0 AND booked_1[cell] = 0 AND booked_2[cell] = 0
            AND offered[cell] >= 0 AND room[cell] >= 0 AND ceiling_all[cell] >= 0;
        b0 := booked_0[cell]; b1 := booked_1[cell]; b2 := booked_2[cell];
        IF (b0 BETWEEN 0 AND ceiling_0[cell] AND b1 BETWEEN 0 AND ceiling_1[cell] AND b2 BETWEEN 0 AND ceiling_2[cell]
            AND b0 + b1 + b2 <= ceiling_all[cell]
            AND b0 * weights[1] + b1 * weights[2] + b2 * weights[3] <= offered[cell]
            AND b0 * areas[1] + b1 * areas[2] + b2 * areas[3] <= room[cell]) IS NOT TRUE THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0007_fewer_indexes")]

    operations = [migrations.RunSQL(DAY_FITS, migrations.RunSQL.noop)]
