using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading;
using SequraPos;

/// <summary>
/// The own tests of C#: every public method of the classes named here, each in a thread of its own, so that nothing
/// of it is left on a stack when what it forgot is to be collected.
/// </summary>
internal static class Program
{
    private static readonly Type[] Classes =
    {
        typeof(Declarations), typeof(Lifetimes), typeof(Threads), typeof(Texts), typeof(Errors), typeof(Sales), typeof(Types), typeof(Awaited),
        typeof(Loading)
    };

    private static int Main(string[] arguments)
    {
        if (arguments.Length > 0)
            return Loading.Child(arguments);
        int passed = 0, failed = 0;
        foreach (MethodInfo test in Classes.SelectMany(
            one => one.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)))
        {
            Exception trouble = null;
            var thread = new Thread(() => trouble = Run(test));
            thread.Start();
            thread.Join();
            bool leaks = trouble == null && !IsNothingLeft();
            if (leaks)
                trouble = new CheckFailed(SequraLibrary.LiveHandles + " handles are left over");
            if (trouble == null)
            {
                passed++;
                continue;
            }
            failed++;
            Console.WriteLine("{0}.{1}: {2}", test.DeclaringType.Name, test.Name, trouble);
            // Whatever follows would wait for the same handles.
            if (leaks)
                break;
        }
        Console.WriteLine("{0} passed, {1} failed", passed, failed);
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static Exception Run(MethodInfo test)
    {
        try
        {
            test.Invoke(null, null);
            return null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
    }

    /// <summary>What was forgotten is collected and given back, in the end.</summary>
    private static bool IsNothingLeft()
    {
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60); Thread.Sleep(10))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (SequraLibrary.LiveHandles == 0)
                return true;
        }
        return false;
    }
}
