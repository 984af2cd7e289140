using Godwit.Copy.Archive.Binary;
using Godwit.Copy.Rows;
using Godwit.EndToEnd.Migration;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Copy;

/// <summary>What is made of COPY's text is, byte for byte, what the server itself writes in binary.</summary>
public sealed class BinaryRowsTests(OtherServers servers)
{
    /// <summary>As the sessions of pg_dump have it.</summary>
    private const string Settings = "SET DateStyle = ISO; SET extra_float_digits = 3; SET TimeZone = ";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Each of them with values at the edges, and thousands that look like chance.</summary>
    public static TheoryData<object, string> Values => new()
    {
        { FieldKind.Bool, "SELECT i % 2 = 0 FROM generate_series(1, 5) i" },
        { FieldKind.Int2, "SELECT i::int2 FROM generate_series(-32768, 32767) i" },
        { FieldKind.Int4, "SELECT unnest('{-2147483648,-1,0,1,2147483647}'::int4[]) UNION ALL SELECT hashint4(i) "
            + "FROM generate_series(1, 5000) i" },
        { FieldKind.Int8, "SELECT unnest('{-9223372036854775808,-999999999999999999,-1000000000000000000,"
            + "999999999999999999,0,9223372036854775807}'::int8[]) UNION ALL SELECT hashint8extended(i, 1) >> (i % 60) "
            + "FROM generate_series(1, 5000) i" },
        { FieldKind.Oid, "SELECT unnest('{0,1,4294967295}'::oid[])" },
        { FieldKind.Float4,
            "SELECT float4recv FROM (SELECT (hashint8extended(i, 1) % 100000000)::float4 * power(10::float8, "
            + "i % 70 - 40)::float4 AS float4recv FROM generate_series(1, 9000) i) one WHERE float4recv <> 0 UNION ALL "
            + "SELECT unnest('{0,-0,1e-45,1.1754942e-38,3.4028235e38,0.1,16777217}'::float4[])" },
        { FieldKind.Float8, "SELECT (hashint8extended(i, 1) % 1000000000000000000)::float8 * power(10::float8, "
            + "i % 500 - 290) FROM generate_series(1, 9000) i UNION ALL SELECT unnest('{0,-0,5e-324,"
            + "2.225073858507201e-308,1.7976931348623157e308,0.1,9007199254740993,123456789012345680000}'::float8[])" },
        { FieldKind.Numeric, "SELECT (hashint8extended(i, 1)::numeric * hashint8extended(i, 2)) * power(10::numeric, "
            + "i % 60 - 45) FROM generate_series(1, 9000) i UNION ALL SELECT unnest('{0,0.0000,-0.5,0.00001,10000,"
            + "100000000,99999999,1.10,-12345.6789,0.00010000,12340000.000}'::numeric[]) UNION ALL "
            + "SELECT (repeat('9', 800) || '.' || repeat('1', 190))::numeric" },
        { FieldKind.Text, @"SELECT string_agg(chr(c), '') FROM generate_series(1, 3000) c
            UNION ALL SELECT '' UNION ALL SELECT '\N' UNION ALL SELECT '\.' UNION ALL SELECT E'a\tb\nc\\d\r\b\f\v\x01'
            UNION ALL SELECT repeat(chr(i % 95 + 32) || '\', i % 90) FROM generate_series(1, 3000) i" },
        { FieldKind.Text, "SELECT ('{\"a\": ' || i || ', \"b\": \"\\\"\\n\"}')::json FROM generate_series(1, 500) i" },
        { FieldKind.Text, "SELECT i::text::char(9) FROM generate_series(1, 500) i" },
        { FieldKind.Text, "SELECT (ARRAY['low', 'so so', E'ta\\tb'])[i]::pg_temp.mood FROM generate_series(1, 3) i" },
        { FieldKind.Jsonb, "SELECT jsonb_build_object('a', i, 'ae', E'\"\\t\\n', 'n', null) "
            + "FROM generate_series(1, 5000) i UNION ALL SELECT '7'" },
        { FieldKind.Bytea, @"SELECT sha256(i::text::bytea) || substr('\x00ff0a095c'::bytea, 1, i % 6)
            FROM generate_series(1, 5000) i UNION ALL SELECT ''" },
        { FieldKind.Uuid, "SELECT md5(i::text)::uuid FROM generate_series(1, 5000) i" },
        { FieldKind.Date, "SELECT date '0001-01-01' + i * 271 FROM generate_series(0, 13000) i UNION ALL "
            + "SELECT date '9999-12-31' UNION ALL SELECT unnest('{2000-02-29,infinity,-infinity}'::date[])" },
        { FieldKind.Timestamp, "SELECT timestamp '0001-01-01' + i * interval '271 days 11 hours 59 min 7.000013 s' "
            + "FROM generate_series(0, 13000) i UNION ALL SELECT timestamp '9999-12-31 23:59:59.999999' UNION ALL "
            + "SELECT unnest('{1999-12-31 23:59:59.5,infinity,-infinity}'::timestamp[])" },
        { FieldKind.TimestampTz, "SELECT timestamptz '0002-01-01' + i * interval '271 days 11 hours 59 min 7.000013 s' "
            + "FROM generate_series(0, 13000) i UNION ALL "
            + "SELECT unnest('{1999-12-31 23:59:59.999999+00,infinity,-infinity}'::timestamptz[])" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_table_of_each_type_is_the_same_in_every_bit(object kind, string values)
    {
        foreach (var major in (int[])[13, 18])
        {
            await using var session = await PostgresSession.OpenForBulkAsync(
                PostgresUrl.Parse((await servers.OfMajorAsync(major)).SuperUrl().Reveal(), "The server"), Ct);
            await session.ExecuteAsync(
                @"SET client_min_messages = error; CREATE TYPE pg_temp.mood AS ENUM ('low', 'so so', E'ta\tb')", Ct);
            await session.ExecuteAsync("SET client_encoding = 'UTF8'; "
                + $"CREATE TEMP TABLE one AS SELECT row_number() OVER () AS id, value FROM ({values}) of_ (value)", Ct);
            await session.ExecuteAsync("INSERT INTO one (id) VALUES (-1)", Ct);
            foreach (var zone in (string[])["UTC", "Asia/Kolkata", "Europe/Amsterdam", "America/St_Johns"])
            {
                await session.ExecuteAsync($"{Settings}'{zone}'", Ct);
                await using var rows = new BinaryRows(new Text(await CopyAsync(session, isBinary: false)),
                    [FieldKind.Int8, (FieldKind)kind]);

                var made = await AllAsync(rows);

                Assert.False(rows.GoesOnAsText(), "One of them is called strange.");
                Assert.Equal(await CopyAsync(session, isBinary: true), made);
            }
        }
    }

    private static async Task<byte[]> CopyAsync(PostgresSession session, bool isBinary)
    {
        await using var rows =
            await session.CopyOutAsync($"COPY one TO STDOUT (FORMAT {(isBinary ? "binary" : "text")})", isBinary, Ct);
        var (all, buffer) = (new MemoryStream(), new byte[1 << 16]);
        for (int read; (read = await rows.ReadAsync(buffer, Ct)) > 0;)
            await all.WriteAsync(buffer.AsMemory(0, read), Ct);
        return all.ToArray();
    }

    private static async Task<byte[]> AllAsync(RowContent rows)
    {
        var (all, buffer) = (new MemoryStream(), new byte[1 << 18]);
        for (int read; (read = await rows.ReadAsync(buffer, Ct)) > 0;)
            await all.WriteAsync(buffer.AsMemory(0, read), Ct);
        return all.ToArray();
    }

    private sealed class Text(byte[] text) : RowContent
    {
        private int _at;

        public override long SourceBytes => _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var count = Math.Min(buffer.Length, text.Length - _at);
            text.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return ValueTask.FromResult(count);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
