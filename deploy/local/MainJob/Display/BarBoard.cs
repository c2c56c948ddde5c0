using Spectre.Console;

namespace CarbonMarket.MainJob.Display;

/// <summary>A bar for each chapter, for somebody who watches.</summary>
public sealed class BarBoard(ProgressContext progress) : IBoard
{
    public IChapter Chapter(string title, int phases) => new BarChapter(progress.AddTask(title, maxValue: phases), title);

    private sealed class BarChapter(ProgressTask bar, string title) : IChapter
    {
        private int _begun;
        private double _perStep;

        public void Begin(string phase, int steps = 0)
        {
            bar.Value = _begun++;
            _perStep = steps == 0 ? 0 : 1.0 / steps;
            bar.Description = $"{Markup.Escape(title)} [grey]{Markup.Escape(phase)}[/]";
        }

        public void Step(int steps = 1) => bar.Increment(steps * _perStep);

        public void Note(string result)
        {
            // The bars have no room for it; the summary tells the sums.
        }

        public void End()
        {
            bar.Value = bar.MaxValue;
            bar.Description = Markup.Escape(title);
            bar.StopTask();
        }
    }
}
