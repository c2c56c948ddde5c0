using System.Diagnostics;

namespace CarbonMarket.MainJob.Display;

/// <summary>One line for each phase, for logs and pipes.</summary>
public sealed class PlainBoard(TextWriter output) : IBoard
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public IChapter Chapter(string title, int phases) => new PlainChapter(this, title);

    private void Write(string line) =>
        output.WriteLine($"[{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s] {line}");

    private sealed class PlainChapter(PlainBoard board, string title) : IChapter
    {
        private string? _phase;
        private string? _note;

        public void Begin(string phase, int steps = 0)
        {
            End();
            _phase = phase;
        }

        public void Step(int steps = 1)
        {
            // A line for each step would drown the phases.
        }

        public void Note(string result) => _note = result;

        public void End()
        {
            if (_phase is not null)
                board.Write($"{title}: {_phase}{(_note is null ? "" : $": {_note}")}");
            (_phase, _note) = (null, null);
        }
    }
}
