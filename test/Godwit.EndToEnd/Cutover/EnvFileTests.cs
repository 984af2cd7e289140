using Godwit.Cutover.Switch;
using Godwit.Faults;

namespace Godwit.EndToEnd.Cutover;

public sealed class EnvFileTests : IDisposable
{
    private static readonly Secret Url = new("postgres://u1:p%3Aw%5C1@db.example.com:5433/d1");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("godwit-env-");
    private readonly DyingMemory _memory = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop.env", "DATABASE_URL=postgres://u1:p%3Aw%5C1@db.example.com:5433/d1\n")]
    [InlineData(".env", "DATABASE_URL=postgres://u1:p%3Aw%5C1@db.example.com:5433/d1\n")]
    [InlineData("shop.pgpass", "db.example.com:5433:d1:u1:p\\:w\\\\1\n")]
    public async Task It_says_who_wrote_it_and_holds_what_its_name_promises(string name, string line)
    {
        await Part(name).DoAsync(Ct);

        Assert.Equal("# Written by godwit run R1; holds a password\n" + line,
            await File.ReadAllTextAsync(PathOf(name), Ct));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(name)));
        Assert.NotNull(await Part(name).FindDoneAsync(Ct));
        await Part(name).DoAsync(Ct);
        Assert.NotNull(await Part(name).UndoAsync(Ct));
        Assert.Empty(_folder.EnumerateFiles());
    }

    [Theory]
    [InlineData("")]
    [InlineData("DATABASE_URL=mine\n")]
    [InlineData("# Written by godwit run R2; holds a password\nDATABASE_URL=x\n")]
    public async Task A_file_that_this_run_did_not_write_is_neither_replaced_nor_removed(string contents)
    {
        await File.WriteAllTextAsync(PathOf("a.env"), contents, Ct);

        Assert.Equal("cutover.env_file",
            (await Assert.ThrowsAsync<FaultException>(() => Part("a.env").DoAsync(Ct))).Fault.Code);
        _memory.Remember("cutover.env_file", "a.env");
        Assert.Null(await Part("a.env").UndoAsync(Ct));

        Assert.Equal(contents, await File.ReadAllTextAsync(PathOf("a.env"), Ct));
    }

    [Fact]
    public async Task What_a_killed_run_left_half_written_goes_with_the_way_back()
    {
        _memory.Remember("cutover.env_file", "a.env");
        await File.WriteAllTextAsync(PathOf("a.env.R1.new"), "half", Ct);

        await Part("a.env").UndoAsync(Ct);

        Assert.Empty(_folder.EnumerateFiles());
    }

    [Fact]
    public void Where_no_file_can_be_is_told_before()
    {
        _folder.CreateSubdirectory("folder");
        Assert.Equal("it is a folder", Part("folder").WhyNot());
        Assert.Equal("there is no such folder", Part("none/a.env").WhyNot());
        Assert.Null(Part("a.env").WhyNot());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private EnvFilePart Part(string name) => new(PathOf(name), "R1", _ => Task.FromResult(Url), _memory);
}
