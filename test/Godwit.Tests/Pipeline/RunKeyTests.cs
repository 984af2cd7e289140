using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Tests.Pipeline;

/// <summary>What a run remembers is text in its journal, and a value of its own type everywhere else.</summary>
public sealed class RunKeyTests : IRunMemory
{
    private readonly Dictionary<string, string> _journal = [];

    string? IRunMemory.Recall(string key) => _journal.GetValueOrDefault(key);

    void IRunMemory.Remember(string key, string? value)
    {
        if (value is null)
            _journal.Remove(key);
        else
            _journal[key] = value;
    }

    /// <summary>The texts are those of journals that exist: they never change.</summary>
    [Fact]
    public void Each_kind_is_written_as_it_always_was_and_read_back()
    {
        var at = new DateTimeOffset(2026, 11, 23, 15, 32, 35, 604, TimeSpan.Zero);
        Same(RunKey.Text("source.name"), "limosa@db:5432/shop", "limosa@db:5432/shop");
        Same(RunKey.Mark("cutover.begun"), true, "yes");
        Same(RunStory.CutOverKey, true, "done");
        Same(RunKey.Moment("freeze.at"), at, "2026-11-23T15:32:35.6040000+00:00");
        Same(RunKey.Number("dump.bytes"), 7_883_863L, "7883863");
        Same(RunKey.Measured("dump.seconds", "0.0"), 1.5, "1.5");
        ((IRunMemory)this).Remember(RunKey.Names("cutover.former_names"), ["DATABASE", "OLD"]);
        Assert.Equal("DATABASE OLD", _journal["cutover.former_names"]);
        Assert.Equal(["DATABASE", "OLD"], ((IRunMemory)this).Recall(RunKey.Names("cutover.former_names"))!);
    }

    [Fact]
    public void What_was_never_remembered_or_is_forgotten_is_null()
    {
        IRunMemory memory = this;
        var (mark, number, text) = (RunKey.Mark("a"), RunKey.Number("b"), RunKey.Text("c"));
        Assert.Null(memory.Recall(mark));
        Assert.Null(memory.Recall(number));
        memory.Remember(mark, true);
        memory.Remember(number, 1);
        memory.Remember(text, "x");

        memory.Remember(text, null);
        memory.Forget(mark, number);

        Assert.Empty(_journal);
    }

    /// <summary>A journal that somebody has edited by hand is no reason for a stack trace.</summary>
    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    public void What_cannot_be_read_is_as_if_it_were_not_there(string text)
    {
        IRunMemory memory = this;
        memory.Remember("a", text);

        Assert.Null(memory.Recall(RunKey.Moment("a")));
        Assert.Null(memory.Recall(RunKey.Number("a")));
        Assert.Null(memory.Recall(RunKey.Measured("a", "0.0")));
        Assert.Equal(text.Length > 0 ? [text] : [], memory.Recall(RunKey.Names("a"))!);
    }

    private void Same<T>(RunKey<T> key, T value, string written)
    {
        ((IRunMemory)this).Remember(key, value);
        Assert.Equal(written, _journal[key.Name]);
        Assert.Equal(value, ((IRunMemory)this).Recall(key));
    }
}
