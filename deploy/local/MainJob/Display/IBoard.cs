namespace CarbonMarket.MainJob.Display;

/// <summary>Where the job shows how far it is.</summary>
public interface IBoard
{
    /// <summary>Begins a part of the job that has so many phases.</summary>
    IChapter Chapter(string title, int phases);
}

public interface IChapter
{
    /// <summary>Begins the next phase; <paramref name="steps"/> is 0 when it cannot be counted.</summary>
    void Begin(string phase, int steps = 0);

    /// <summary>May be called from several threads.</summary>
    void Step(int steps = 1);

    /// <summary>What the phase brought, for those who read along.</summary>
    void Note(string result);

    void End();
}
