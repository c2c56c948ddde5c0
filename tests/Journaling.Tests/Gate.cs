namespace CarbonMarket.Journaling.Tests;

/// <summary>Holds back whoever comes to it until it is opened.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => reached.Task;

    public Task Pass()
    {
        reached.TrySetResult();
        return opened.Task;
    }

    public void Open() => opened.TrySetResult();
}
