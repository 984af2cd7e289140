using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Tests.Postgres;

public sealed class PgToolsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("godwit-tools-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public PgToolsTests() => _environment["GODWIT_PG_ROOT"] = Path.Combine(_root, "debian");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_newest_major_is_found_where_Debian_puts_it()
    {
        Debian(13, 15, 14);
        Assert.Equal(At("debian/15/bin"), Tools.Newest("pg_dump"));
        Assert.Equal([15, 14, 13], Tools.Find("pg_dump").Select(one => one.Major));
    }

    [Theory]
    [InlineData(12, 13)]
    [InlineData(13, 13)]
    [InlineData(14, 15)]
    [InlineData(15, 15)]
    public void The_oldest_that_reads_the_server_is_taken(int server, int taken)
    {
        Debian(13, 15);
        Assert.Equal(At($"debian/{taken}/bin"), Tools.OldestFor("pg_dump", server));
    }

    [Fact]
    public void A_server_newer_than_all_of_them_has_none()
    {
        Debian(13, 15);
        Assert.Null(Tools.OldestFor("pg_dump", 16));
    }

    [Fact]
    public void A_variable_of_one_major_stands_for_that_major_alone()
    {
        Debian(15, 17);
        Put("mine");
        _environment["GODWIT_PG_BIN_17"] = Path.Combine(_root, "mine");
        Assert.Equal(At("mine"), Tools.OldestFor("pg_dump", 17));
        Assert.Equal(At("debian/15/bin"), Tools.OldestFor("pg_dump", 15));
    }

    [Fact]
    public void GODWIT_PG_BIN_wins_over_everything_its_major_being_unknown()
    {
        Debian(15);
        Put("mine");
        _environment["GODWIT_PG_BIN"] = Path.Combine(_root, "mine");
        Assert.Equal((0, At("mine")), Tools.Find("pg_dump").First());
        Assert.Equal(At("mine"), Tools.OldestFor("pg_dump", 15));
    }

    [Fact]
    public void A_folder_that_lacks_one_program_does_not_hide_the_others()
    {
        Debian(15);
        Put("mine", "psql");
        _environment["GODWIT_PG_BIN"] = Path.Combine(_root, "mine");
        Assert.Equal(At("debian/15/bin"), Tools.Newest("pg_dump"));
    }

    [Fact]
    public void None_at_all_is_a_fault_that_names_every_folder_it_looked_into()
    {
        _environment["GODWIT_PG_BIN"] = "/nowhere/any";
        _environment["GODWIT_PG_BIN_17"] = "/nowhere/17";
        var fault = Assert.Throws<FaultException>(() => Tools.Newest("pg_dump")).Fault;
        Assert.Equal(("postgres.tools_missing", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.All(
            ["/nowhere/any (from GODWIT_PG_BIN)", "/nowhere/17 (from GODWIT_PG_BIN_17)", $"{_root}/debian/*/bin"],
            folder => Assert.Contains(folder, fault.Why, StringComparison.Ordinal));
    }

    private PgTools Tools => new(_environment.GetValueOrDefault);

    private void Debian(params int[] majors)
    {
        foreach (var major in majors)
            Put($"debian/{major}/bin");
    }

    private void Put(string folder, string program = "pg_dump")
    {
        Directory.CreateDirectory(Path.Combine(_root, folder));
        File.WriteAllText(Path.Combine(_root, folder, program), "");
    }

    private string At(string folder) => Path.Combine(_root, folder, "pg_dump");
}
